package io.millrace.engine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.EncryptionType;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResponsesTest {

  private static final ShardId SHARD = new ShardId(0);
  private static final SequenceNumber NUMBER = new SequenceNumber(1, 1 << 20, 2, 0);

  @Test
  void putRecordsCountsItsFailures() {
    PutRecordsResponse response =
        PutRecordsResponse.of(
            List.of(
                PutRecordsResultEntry.stored(SHARD, NUMBER),
                PutRecordsResultEntry.failed(PutRecordsResultEntry.THROTTLED, "full"),
                PutRecordsResultEntry.failed(PutRecordsResultEntry.INTERNAL_FAILURE, "broken")),
            EncryptionType.NONE);
    assertThat(response.failedRecordCount()).isEqualTo(2);
    assertThat(response.records())
        .extracting(PutRecordsResultEntry::isStored)
        .containsExactly(true, false, false);
  }

  @Test
  void resultIsEitherAPositionOrAnError() {
    assertThatThrownBy(() -> new PutRecordsResultEntry(null, null, null, null))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> new PutRecordsResultEntry(SHARD, NUMBER, "code", "message"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PutRecordsResultEntry(SHARD, NUMBER, null, "message"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PutRecordsResultEntry.failed("code", null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void listsAreCopied() {
    List<Record> records = new ArrayList<>();
    GetRecordsResponse response = new GetRecordsResponse(records, "next", 0, List.of());
    records.add(null);
    assertThat(response.records()).isEmpty();
  }

  @Test
  void shardEndHasNoNextIterator() {
    ChildShard child = new ChildShard(new ShardId(1), List.of(SHARD), HashKeyRange.FULL);
    assertThat(new GetRecordsResponse(List.of(), null, 0, List.of(child)).isAtShardEnd()).isTrue();
    assertThat(new GetRecordsResponse(List.of(), "next", 0, List.of()).isAtShardEnd()).isFalse();
  }

  @Test
  void shardIsOpenUntilItHasAnEndingNumber() {
    SequenceNumber first = SequenceNumber.first(1, 0);
    assertThat(shard(new SequenceNumberRange(first, null)).isOpen()).isTrue();
    assertThat(shard(new SequenceNumberRange(first, SequenceNumber.last(1, 0, 2))).isOpen())
        .isFalse();
  }

  private static Shard shard(SequenceNumberRange range) {
    return new Shard(SHARD, null, null, HashKeyRange.FULL, range);
  }
}
