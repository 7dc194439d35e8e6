package io.millrace.gateway.call;

import io.millrace.engine.api.MillraceException;
import io.millrace.gateway.wire.MalformedBodyException;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An error as clients see it.
 *
 * @param type its name, {@code ResourceNotFoundException}
 * @param message a sentence about it
 */
record Problem(String type, String message) {

  private static final Logger LOG = LoggerFactory.getLogger(Problem.class);

  /** The error that a failure is to a client. What is no refusal is a fault, and is logged. */
  static Problem of(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof MillraceException known) {
      return new Problem(known.errorName(), known.getMessage());
    }
    if (cause instanceof MalformedBodyException malformed) {
      return new Problem("SerializationException", malformed.getMessage());
    }
    if (cause instanceof CallRefusedException refused) {
      return new Problem(refused.type(), refused.getMessage());
    }
    LOG.error("A call failed by a fault of the gateway", cause);
    return new Problem("InternalFailureException", "Internal Service Failure.");
  }

  /** Its HTTP status. */
  int status() {
    return switch (type) {
      case "InternalFailureException" -> 500;
      case "ServiceUnavailable" -> 503;
      default -> 400;
    };
  }
}
