package io.millrace.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OneWriterTest {

  private final OneWriter writers = new OneWriter(Duration.ZERO);

  @Test
  void oneWritesAfterTheOther() throws Exception {
    writers.begin();
    writers.end();
    writers.begin();
  }

  @Test
  void whoHasNoTurnInTimeHasProvablyNotWritten() throws Exception {
    writers.begin();

    var failure = catchThrowable(writers::begin);

    assertThat(failure).hasFieldOrPropertyWithValue("SQLState", "HYT00");
    assertThat(WriteFailures.proveNotWritten(new RuntimeException(failure))).isTrue();
  }
}
