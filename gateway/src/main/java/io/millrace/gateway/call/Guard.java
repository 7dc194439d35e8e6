package io.millrace.gateway.call;

import io.millrace.engine.api.Request;

/** Decides whether a caller may do what he asks for. */
@FunctionalInterface
public interface Guard {

  /** Everybody may do everything. */
  Guard NONE = (call, caller, operation, request) -> {};

  /**
   * Looks at a request that is well formed.
   *
   * @param operation its name in the API
   * @throws CallRefusedException when he may not
   * @throws io.millrace.engine.api.ResourceNotFoundException when there is nothing to do it to
   */
  void check(Call call, Caller caller, String operation, Request request);
}
