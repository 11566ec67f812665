"""The design system: tokens, components, icons, base templates and the server of their files."""
