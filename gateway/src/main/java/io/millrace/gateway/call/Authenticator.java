package io.millrace.gateway.call;

/** Decides whether a call comes from whom it says. */
@FunctionalInterface
public interface Authenticator {

  /**
   * Looks at a call.
   *
   * @throws CallRefusedException when it is not signed as it has to be
   */
  void check(Call call);
}
