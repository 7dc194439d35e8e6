package io.millrace.gateway.call;

/** Decides whether a call comes from whom it says. */
@FunctionalInterface
public interface Authenticator {

  /**
   * Looks at a call.
   *
   * @return who makes it
   * @throws CallRefusedException when it is not signed as it has to be
   */
  Caller check(Call call);
}
