package io.millrace.processors.function;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import io.millrace.engine.model.EngineClock;
import io.millrace.processors.event.EventOrigin;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a handler can ask about its call. There is no client and no identity behind a mapping, and
 * logs go where the application's go, under the name of the function.
 */
final class FunctionContext implements Context {

  private static final String LOGGERS = "io.millrace.processors.function.";

  private final String requestId;
  private final EventOrigin origin;
  private final EngineClock clock;
  private final long deadlineNanos;

  FunctionContext(String requestId, EventOrigin origin, EngineClock clock, long deadlineNanos) {
    this.requestId = requestId;
    this.origin = origin;
    this.clock = clock;
    this.deadlineNanos = deadlineNanos;
  }

  @Override
  public String getAwsRequestId() {
    return requestId;
  }

  @Override
  public String getLogGroupName() {
    return "/aws/lambda/" + origin.functionName();
  }

  @Override
  public String getLogStreamName() {
    return origin.shardId().toString();
  }

  @Override
  public String getFunctionName() {
    return origin.functionName();
  }

  @Override
  public String getFunctionVersion() {
    return "$LATEST";
  }

  @Override
  public String getInvokedFunctionArn() {
    return origin.functionArn();
  }

  @Override
  public CognitoIdentity getIdentity() {
    return null;
  }

  @Override
  public ClientContext getClientContext() {
    return null;
  }

  @Override
  public int getRemainingTimeInMillis() {
    return (int) Math.max(0, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - clock.nanoTime()));
  }

  @Override
  public int getMemoryLimitInMB() {
    return (int) (Runtime.getRuntime().maxMemory() >> 20);
  }

  @Override
  public LambdaLogger getLogger() {
    Logger logger = LoggerFactory.getLogger(LOGGERS + origin.functionName());
    return new LambdaLogger() {
      @Override
      public void log(String message) {
        logger.info("{}", message);
      }

      @Override
      public void log(byte[] message) {
        log(new String(message, StandardCharsets.UTF_8));
      }
    };
  }
}
