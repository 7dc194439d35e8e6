package io.millrace.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.StreamMode;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LocalStreamViewsTest {

  private final LocalStreamViews views = new LocalStreamViews();

  @Test
  void showsStreamsByName() {
    views.publish(view("b", 1));
    views.publish(view("a", 2));
    views.publish(view("B", 3));

    assertThat(views.all()).extracting(view -> view.name().value()).containsExactly("B", "a", "b");
    assertThat(views.find(new StreamName("a"))).contains(view("a", 2));
    assertThat(views.find(new StreamName("c"))).isEmpty();
  }

  @Test
  void neverShowsAnEarlierLifeAfterALaterOne() {
    views.publish(view("a", 2));
    views.publish(view("a", 1));

    assertThat(views.all()).containsExactly(view("a", 2));
  }

  @Test
  void withdrawsOnlyTheLifeThatIsMeant() {
    views.publish(view("a", 2));

    views.withdraw(new StreamName("a"), 1);
    assertThat(views.all()).hasSize(1);
    views.withdraw(new StreamName("a"), 2);
    assertThat(views.all()).isEmpty();
  }

  @Test
  void tellsWhoWaitsOnceItIsAsWanted() {
    views.publish(view("a", 1));
    var wanted = views.await(new StreamName("a"), view -> view.incarnation() == 2);
    views.publish(view("b", 2));
    assertThat(wanted.toCompletableFuture()).isNotDone();

    views.publish(view("a", 2));

    assertThat(wanted).isCompletedWithValue(Optional.of(view("a", 2)));
    assertThat(views.await(new StreamName("a"), view -> true))
        .isCompletedWithValue(Optional.of(view("a", 2)));
  }

  @Test
  void tellsWhoWaitsWhenTheStreamGoes() {
    views.publish(view("a", 1));
    var wanted = views.await(new StreamName("a"), view -> false);

    views.withdraw(new StreamName("a"), 1);

    assertThat(wanted).isCompletedWithValue(Optional.empty());
    assertThat(views.await(new StreamName("a"), view -> true))
        .isCompletedWithValue(Optional.empty());
  }

  @Test
  void tellsWhoWaitsOrComesLaterThatNobodyPublishesAnyMore() {
    views.publish(view("a", 1));
    var before = views.await(new StreamName("a"), view -> false);

    views.abandon(new IllegalStateException("closed"));

    assertThat(before).isCompletedExceptionally();
    assertThat(views.await(new StreamName("a"), view -> true)).isCompletedExceptionally();
  }

  @Test
  void forgetsWhoWaitsNoLonger() {
    AtomicInteger looks = new AtomicInteger();
    views.publish(view("a", 1));
    var wanted =
        views
            .await(
                new StreamName("a"),
                view -> {
                  looks.incrementAndGet();
                  return false;
                })
            .toCompletableFuture();
    views.publish(view("a", 1));
    assertThat(looks).hasValue(2);

    wanted.cancel(false);
    views.publish(view("a", 1));

    assertThat(looks).hasValue(2);
  }

  private static StreamView view(String name, long incarnation) {
    return new StreamView(
        new StreamName(name),
        incarnation,
        "arn",
        StreamStatus.ACTIVE,
        StreamMode.PROVISIONED,
        0,
        24,
        1 << 20,
        List.of());
  }
}
