#!/bin/sh
# Gathers the interface texts of all layers into one catalogue per language.
set -eu
cd "$(dirname "$0")/../src/kontor"
for language in de nl; do mkdir -p "web/locale/$language/LC_MESSAGES"; done
DJANGO_SETTINGS_MODULE=kontor.web.settings ../../.venv/bin/python ../../manage.py makemessages \
    -l de -l nl --no-location --no-wrap --no-obsolete -e html,txt,py --ignore 'tests/*' --ignore '*/tests/*' --ignore 'web/static/*'
../../.venv/bin/python ../../scripts/compile_messages.py
