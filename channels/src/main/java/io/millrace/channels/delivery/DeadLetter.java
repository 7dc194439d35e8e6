package io.millrace.channels.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.aggregate.UserRecord;
import io.millrace.engine.model.ShardId;

/**
 * A record that cannot be delivered, as a line of JSON: {@code channelARN}, {@code streamARN},
 * {@code shardId}, {@code sequenceNumber}, {@code subSequenceNumber} (of a part of an aggregated
 * record), {@code partitionKey}, {@code approximateArrivalTimestamp} (ISO 8601), {@code errorCode},
 * {@code errorMessage}, and {@code data}, the whole of it in base64.
 */
final class DeadLetter {

  private static final JsonMapper JSON = new JsonMapper();

  private DeadLetter() {}

  /** The JSON, without the end of its line. */
  static byte[] json(Delivery delivery, ShardId shardId, UserRecord record, Fault fault) {
    ObjectNode line =
        JSON.createObjectNode()
            .put("channelARN", delivery.channelArn())
            .put("streamARN", delivery.streamArn())
            .put("shardId", shardId.toString())
            .put("sequenceNumber", record.sequenceNumber().toString());
    if (record.isAggregated()) {
      line.put("subSequenceNumber", record.subSequenceNumber());
    }
    line.put("partitionKey", record.partitionKey())
        .put("approximateArrivalTimestamp", record.approximateArrivalTimestamp().toString())
        .put("errorCode", fault.code())
        .put("errorMessage", fault.message())
        .put("data", record.data().toByteArray());
    try {
      return JSON.writeValueAsBytes(line);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
