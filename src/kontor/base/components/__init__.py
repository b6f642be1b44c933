"""Logic of the design system. Its tags are in base.templatetags.kontor, its HTML in web/templates."""
