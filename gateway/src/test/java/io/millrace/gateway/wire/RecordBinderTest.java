package io.millrace.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.PutRecordRequest;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.ProducerId;
import io.millrace.engine.model.ProducerSequence;
import io.millrace.gateway.model.ServiceModel;
import io.millrace.gateway.model.Shape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordBinderTest {

  private static final Payload DATA = Payload.utf8("data");

  /** A member that the API does not have, under the names that somebody might try. */
  private static final ProducerSequence SEQUENCE = new ProducerSequence(new ProducerId(1, 2), 3);

  private static Shape input(String operation) {
    return ServiceModel.load().operation(operation).orElseThrow().input();
  }

  @Test
  void componentTakesTheMemberOfItsName() {
    PutRecordRequest request =
        new RecordBinder<>(PutRecordRequest.class, input("PutRecord"))
            .bind(Map.of("StreamName", "orders", "PartitionKey", "key", "Data", DATA));

    assertThat(request).isEqualTo(PutRecordRequest.of("orders", "key", DATA));
  }

  @Test
  void producersSequenceNeverComesFromTheWire() {
    Map<String, Object> record =
        Map.of(
            "PartitionKey",
            "key",
            "Data",
            DATA,
            "ProducerSequence",
            SEQUENCE,
            "producerSequence",
            SEQUENCE,
            "",
            SEQUENCE);

    assertThat(
            new RecordBinder<>(PutRecordRequest.class, input("PutRecord"))
                .bind(record)
                .producerSequence())
        .isNull();
    assertThat(
            new RecordBinder<>(PutRecordsRequest.class, input("PutRecords"))
                .bind(Map.of("Records", List.of(record)))
                .records()
                .get(0)
                .producerSequence())
        .isNull();
  }
}
