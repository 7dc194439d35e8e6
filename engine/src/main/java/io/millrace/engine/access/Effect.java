package io.millrace.engine.access;

/** What a statement does when it applies. */
enum Effect {
  ALLOW,
  DENY
}
