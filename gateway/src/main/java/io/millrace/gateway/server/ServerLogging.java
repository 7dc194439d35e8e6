package io.millrace.gateway.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.Logger;

/**
 * How the program logs unless it is told otherwise: warnings and errors, to standard error. Said
 * here and not in a file, since reading XML takes time of each start. Found by Logback wherever
 * this module is; does nothing there unless the program is what runs.
 */
public final class ServerLogging extends ContextAwareBase implements Configurator {

  private static final String PATTERN = "%d{HH:mm:ss.SSS} %-5level %logger{0}: %msg%n%ex";

  private static volatile boolean isOn;

  /** From here on Logback takes this configuration, when it looks for one. */
  static void turnOn() {
    isOn = true;
  }

  @Override
  public ExecutionStatus configure(LoggerContext logback) {
    if (!isOn) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(logback);
    encoder.setPattern(PATTERN);
    encoder.start();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(logback);
    console.setTarget("System.err");
    console.setEncoder(encoder);
    console.start();
    var root = logback.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(console);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
