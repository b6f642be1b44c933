"""The logic of the design system's components. Their tags are in base.templatetags.kontor, their HTML in web."""
