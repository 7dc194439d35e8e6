package io.millrace.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.internal.CallRates.Call;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CallRatesTest {

  private static final long SECOND = 1_000_000_000L;

  private final AtomicLong nanos = new AtomicLong();

  @Test
  void grantsABurstOfOneSecondAndThenTheRate() {
    CallRates rates = CallRates.kinesis(nanos::get);

    assertThat(granted(rates, Call.CREATE_STREAM, "account", 10)).isEqualTo(5);
    nanos.addAndGet(SECOND / 5);
    assertThat(granted(rates, Call.CREATE_STREAM, "account", 10)).isEqualTo(1);
  }

  @Test
  void countsEachResourceAndEachOperationForItself() {
    CallRates rates = CallRates.kinesis(nanos::get);

    assertThat(granted(rates, Call.GET_SHARD_ITERATOR, "orders~1~0", 6)).isEqualTo(5);
    assertThat(granted(rates, Call.GET_SHARD_ITERATOR, "orders~1~1", 6)).isEqualTo(5);
    assertThat(granted(rates, Call.LIST_SHARDS, "orders~1~0", 6)).isEqualTo(6);
  }

  @Test
  void grantsEverythingWhenOff() {
    assertThat(granted(CallRates.off(), Call.LIST_STREAMS, "account", 1000)).isEqualTo(1000);
  }

  @Test
  void followsGivenFiguresAndKeepsTheOthers() {
    CallRates rates = CallRates.custom(Map.of(Call.LIST_STREAMS, 2), nanos::get);

    assertThat(granted(rates, Call.LIST_STREAMS, "account", 10)).isEqualTo(2);
    assertThat(granted(rates, Call.DESCRIBE_STREAM, "account", 30)).isEqualTo(10);
  }

  @Test
  void remembersABoundedNumberOfResourcesAndForgetsTheOneUntouchedLongest() {
    CallRates rates = CallRates.kinesis(nanos::get);
    assertThat(granted(rates, Call.GET_SHARD_ITERATOR, "untouched", 5)).isEqualTo(5);
    assertThat(granted(rates, Call.GET_SHARD_ITERATOR, "touched", 5)).isEqualTo(5);

    for (int i = 0; i < CallRates.MAX_RESOURCES - 1; i++) {
      rates.tryCall(Call.GET_SHARD_ITERATOR, "other-" + i);
      rates.tryCall(Call.GET_SHARD_ITERATOR, "touched");
    }

    assertThat(rates.tryCall(Call.GET_SHARD_ITERATOR, "touched")).isFalse();
    assertThat(rates.tryCall(Call.GET_SHARD_ITERATOR, "untouched")).isTrue();
  }

  private static int granted(CallRates rates, Call call, String resource, int calls) {
    int granted = 0;
    for (int i = 0; i < calls; i++) {
      granted += rates.tryCall(call, resource) ? 1 : 0;
    }
    return granted;
  }
}
