package io.millrace.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnstileTest {

  @Test
  void letsInAsManyAsThereArePlacesAndTheOthersByTurns() {
    Turnstile turnstile = new Turnstile(2);
    List<Integer> inside = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      int number = i;
      turnstile.enter(() -> inside.add(number));
    }
    assertThat(inside).containsExactly(1, 2);

    turnstile.leave();
    assertThat(inside).containsExactly(1, 2, 3);
    turnstile.leave();
    turnstile.leave();
    turnstile.leave();
    assertThat(inside).containsExactly(1, 2, 3, 4);

    turnstile.enter(() -> inside.add(5));
    assertThat(inside).endsWith(5);
  }
}
