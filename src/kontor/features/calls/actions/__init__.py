"""The only writers of calls and applications."""

from kontor.features.calls.actions.beginning import begin_application
from kontor.features.calls.actions.moving import move_application

__all__ = ["begin_application", "move_application"]
