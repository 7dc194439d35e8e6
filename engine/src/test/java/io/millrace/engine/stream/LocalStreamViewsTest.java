package io.millrace.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.StreamMode;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import java.util.List;
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
