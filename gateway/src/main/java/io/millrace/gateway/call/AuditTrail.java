package io.millrace.gateway.call;

/** Is told of each call that names an operation, once it has ended. */
@FunctionalInterface
public interface AuditTrail {

  /** Nobody is told. */
  AuditTrail NONE = report -> {};

  /** A call has ended. Called on threads that answer calls: must not block. */
  void note(CallReport report);
}
