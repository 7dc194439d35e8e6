package io.millrace.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.ChildJvm;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What Logback takes for its configuration, in a process of its own each time. */
@Tag("process")
class ServerLoggingTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Logs a little, as the program or as somebody else. */
  static final class Speaker {

    public static void main(String[] arguments) {
      if (arguments.length > 0) {
        ServerLogging.turnOn();
      }
      var log = LoggerFactory.getLogger("io.example.Speaker");
      log.info("too quiet");
      log.warn("loud enough", new IllegalStateException("cause"));
    }
  }

  private static String said(String... arguments) {
    try (ChildJvm child =
        ChildJvm.of(Speaker.class)
            .jvmOptions("-Dlogback.configurationFile=no-such-file.xml")
            .arguments(arguments)
            .start()) {
      child.awaitExit(PATIENCE);
      return child.errors();
    }
  }

  @Test
  void programSaysWarningsOnStandardErrorAndNothingElse() {
    assertThat(said("as the program"))
        .matches(
            "(?s)\\d\\d:\\d\\d:\\d\\d\\.\\d{3} WARN  Speaker: loud enough\\R"
                + "java\\.lang\\.IllegalStateException: cause\\R.*")
        .doesNotContain("too quiet");
  }

  @Test
  void whereTheModuleIsOnlyALibraryItConfiguresNothing() {
    assertThat(said()).doesNotContain("WARN  Speaker: loud enough");
  }
}
