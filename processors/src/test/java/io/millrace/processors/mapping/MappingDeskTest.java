package io.millrace.processors.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.typesafe.config.ConfigFactory;
import io.millrace.engine.EngineInside;
import io.millrace.engine.testing.ManualClock;
import io.millrace.processors.api.EventSourceMapping;
import io.millrace.processors.api.ResourceNotFoundException;
import io.millrace.processors.api.ServiceException;
import io.millrace.processors.api.TooManyRequestsException;
import io.millrace.testkit.Awaits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What callers are told while the mappings are slow. */
class MappingDeskTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int ROOM = 1000;

  private final ActorTestKit kit =
      ActorTestKit.create(ManualTime.config().withFallback(ConfigFactory.load()));
  private final ManualTime time = ManualTime.get(kit.system());
  private final TestProbe<MappingsCommand> mappings = kit.createTestProbe();
  private final MappingDesk desk =
      new MappingDesk(
          new EngineInside(
              kit.system(),
              null,
              null,
              null,
              null,
              new ManualClock(),
              null,
              null,
              null,
              null,
              null,
              null,
              null,
              null),
          mappings.ref(),
          new MappingMeters(),
          () -> "uuid",
          TIMEOUT);

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private List<CompletionStage<EventSourceMapping>> fill() {
    List<CompletionStage<EventSourceMapping>> waiting = new ArrayList<>();
    for (int i = 0; i < ROOM; i++) {
      waiting.add(desk.get("uuid-" + i));
    }
    return waiting;
  }

  private void assertFull() {
    assertThatThrownBy(() -> desk.get("one more"))
        .isInstanceOfSatisfying(
            TooManyRequestsException.class,
            full -> assertThat(full.errorName()).isEqualTo("TooManyRequestsException"));
  }

  private static Throwable failure(CompletionStage<?> stage) {
    return catchThrowable(() -> Awaits.get(stage));
  }

  @Test
  void turnsAwayWhoFindsTooManyWaiting() {
    List<CompletionStage<EventSourceMapping>> waiting = fill();
    assertFull();
    MappingsCommand.Get first = mappings.expectMessageClass(MappingsCommand.Get.class);
    first.replyTo().tell(new MappingsReply.Refused(new ResourceNotFoundException("none")));
    assertThat(failure(waiting.get(0))).isInstanceOf(ResourceNotFoundException.class);
    assertThat(desk.get("one more").toCompletableFuture()).isNotDone();
    assertFull();
  }

  @Test
  void saysWhenTheMappingsDoNotAnswer() {
    List<CompletionStage<EventSourceMapping>> waiting = fill();
    time.timePasses(TIMEOUT);
    for (CompletionStage<EventSourceMapping> unanswered : waiting) {
      assertThat(failure(unanswered))
          .isInstanceOfSatisfying(
              ServiceException.class,
              silent -> assertThat(silent.errorName()).isEqualTo("ServiceException"));
    }
    assertThat(fill()).hasSize(ROOM);
    assertFull();
  }
}
