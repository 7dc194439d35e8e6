package io.millrace.engine.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardCountTest {

  @ParameterizedTest
  @CsvSource({
    "1, 1, 2",
    "2, 1, 4",
    "5, 3, 10",
    "5000, 2500, 10000",
    "5001, 2501, 10000",
    "10000, 5000, 10000",
    "10001, 5001, 9999",
    "15000, 7500, 9999"
  })
  void updateShardCountGoesFromHalfToDouble(int open, int smallest, int largest) {
    ShardCountBounds bounds = ShardCountBounds.of(open);
    assertThat(bounds).isEqualTo(new ShardCountBounds(smallest, largest));
    assertThat(bounds.contains(smallest)).isTrue();
    assertThat(bounds.contains(largest)).isTrue();
    assertThat(bounds.contains(smallest - 1)).isFalse();
    assertThat(bounds.contains(largest + 1)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "    1,    0, 0, 1",
    " 1024, 1000, 1, 1",
    " 1025, 1000, 1, 2",
    "  100, 1001, 1, 2",
    " 1024, 1024, 2, 2",
    " 1024, 1024, 3, 2",
    " 1024, 1024, 5, 3",
    "  500, 5000, 1, 5",
    "51200,  100, 2, 5",
    "51200,  100, 0, 5",
    "51200,  100, 6, 15"
  })
  void sizingTakesTheLargestNeed(
      long recordBytes, long recordsPerSecond, int pollingConsumers, long shards) {
    assertThat(SizingFormula.shards(recordBytes, recordsPerSecond, pollingConsumers))
        .isEqualTo(shards);
  }

  @Test
  void sizingRefusesNegativeFigures() {
    assertThatThrownBy(() -> SizingFormula.shards(1, -1, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
