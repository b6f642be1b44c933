"""Who fits whom: explained partners for a need, an idea, a target product or an organisation."""
