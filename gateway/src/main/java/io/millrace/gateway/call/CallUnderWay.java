package io.millrace.gateway.call;

import io.millrace.gateway.call.CallReport.Failure;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of a call while it is answered, gathered step by step for the audit trail. Its
 * steps follow one another; no two threads are in it at once.
 */
final class CallUnderWay {

  private static final Logger LOG = LoggerFactory.getLogger(CallUnderWay.class);

  private final Call call;
  private final String requestId;
  private final Instant time;
  private Optional<String> operation = Optional.empty();
  private Map<String, Object> members = Map.of();
  private Optional<Caller> caller = Optional.empty();

  CallUnderWay(Call call, String requestId, Instant time) {
    this.call = call;
    this.requestId = requestId;
    this.time = time;
  }

  void asksFor(Operation<?> named) {
    operation = Optional.of(named.name());
  }

  void says(Map<String, Object> read) {
    members = read;
  }

  Caller comesFrom(Caller known) {
    caller = Optional.of(known);
    return known;
  }

  void succeeded(Optional<Supplier<byte[]>> response, AuditTrail trail) {
    report(response, Optional.empty(), trail);
  }

  void failed(Problem problem, AuditTrail trail) {
    report(Optional.empty(), Optional.of(new Failure(problem.type(), problem.message())), trail);
  }

  private void report(
      Optional<Supplier<byte[]>> response, Optional<Failure> error, AuditTrail trail) {
    try {
      operation.ifPresent(
          name ->
              trail.note(
                  new CallReport(time, requestId, call, caller, name, members, response, error)));
    } catch (RuntimeException fault) {
      LOG.error("A call is missing in the audit trail", fault);
    }
  }
}
