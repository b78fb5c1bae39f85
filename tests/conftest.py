"""How properties are tested: 25 examples a law, or `--hypothesis-profile=exhaustive` or `few`."""

from hypothesis import HealthCheck, settings

# Laws of the kit draw examples of their own, for every example of a test that calls them.
FINE = [HealthCheck.too_slow, HealthCheck.nested_given]

settings.register_profile("quick", max_examples=25, deadline=None, suppress_health_check=FINE)
settings.register_profile(
    "exhaustive", max_examples=1000, deadline=None, suppress_health_check=FINE
)
settings.register_profile("few", max_examples=5, deadline=None, suppress_health_check=FINE)
settings.load_profile("quick")
