package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CallsUnderWayTest {

  private final CallsUnderWay calls = new CallsUnderWay();

  @Test
  void endsAtOnceWhenNoCallIsUnderWay() {
    assertThat(calls.begin()).isTrue();
    calls.end();

    assertThat(calls.close().toCompletableFuture()).isDone();
    assertThat(calls.begin()).isFalse();
  }

  @Test
  void endsWithTheLastCall() {
    calls.begin();
    calls.begin();
    CompletableFuture<Void> ended = calls.close().toCompletableFuture();

    assertThat(calls.begin()).isFalse();
    calls.end();
    assertThat(ended).isNotDone();
    calls.end();
    assertThat(ended).isDone();
    assertThat(calls.begin()).isFalse();
  }
}
