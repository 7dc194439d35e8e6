package io.millrace.engine.shard;

/** Where a failure came from, for people: what wraps it says only which way it took. */
final class RootCause {

  private RootCause() {}

  static Throwable of(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
