"""Whether a report still holds: it is rebuilt from the inputs that it carries, and locked."""

from assess.verification.locking import lock, read_lock, write_lock
from assess.verification.rebuilding import verify
from assess.verification.result import Finding, Verification

__all__ = ["Finding", "Verification", "lock", "read_lock", "verify", "write_lock"]
