package io.millrace.processors.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.model.Record;
import io.millrace.processors.lane.Invocation;
import io.millrace.processors.lane.Invocation.WindowCall;
import io.millrace.processors.lane.TumblingWindow;
import java.math.BigDecimal;
import java.time.Instant;

/** The event that a function is called with, under the names that AWS Lambda gives its members. */
public final class EventJson {

  /** Where every record comes from. */
  public static final String EVENT_SOURCE = "aws:kinesis";

  /** What every record is. */
  public static final String EVENT_NAME = "aws:kinesis:record";

  /** The version of the form of a record's envelope. */
  public static final String EVENT_VERSION = "1.0";

  /** The version of the form of a record. */
  public static final String SCHEMA_VERSION = "1.0";

  // What surrounds the data and the key of a record: names, numbers and ARNs of about this length.
  private static final int RECORD_FRAME_BYTES = 350;

  private EventJson() {}

  /** The event of a call. */
  public static ObjectNode of(Invocation invocation, EventOrigin origin) {
    ObjectNode event = Json.MAPPER.createObjectNode();
    ArrayNode records = event.putArray("Records");
    for (Record record : invocation.records()) {
      write(record, origin, records.addObject());
    }
    invocation.window().ifPresent(call -> write(call, origin, event));
    return event;
  }

  private static void write(Record record, EventOrigin origin, ObjectNode node) {
    ObjectNode kinesis = node.putObject("kinesis");
    metadata(record, kinesis);
    kinesis.put("data", record.data().toByteArray());
    kinesis.set("approximateArrivalTimestamp", arrival(kinesis, record));
    node.put("eventSource", EVENT_SOURCE);
    node.put("eventVersion", EVENT_VERSION);
    node.put("eventID", eventId(record, origin));
    node.put("eventName", EVENT_NAME);
    node.put("invokeIdentityArn", origin.invokeIdentityArn());
    node.put("awsRegion", origin.region());
    node.put("eventSourceARN", origin.eventSourceArn());
  }

  private static void metadata(Record record, ObjectNode kinesis) {
    kinesis.put("kinesisSchemaVersion", SCHEMA_VERSION);
    kinesis.put("partitionKey", record.partitionKey());
    kinesis.put("sequenceNumber", record.sequenceNumber().toString());
  }

  /** What a filter sees of a record beside its data. */
  static ObjectNode metadata(Record record) {
    ObjectNode kinesis = Json.MAPPER.createObjectNode();
    metadata(record, kinesis);
    kinesis.set("approximateArrivalTimestamp", arrival(kinesis, record));
    return kinesis;
  }

  /** The name of a record in an event: its shard and its number. */
  public static String eventId(Record record, EventOrigin origin) {
    return origin.shardId() + ":" + record.sequenceNumber();
  }

  private static JsonNode arrival(ObjectNode factory, Record record) {
    return factory.numberNode(
        BigDecimal.valueOf(record.approximateArrivalTimestamp().toEpochMilli(), 3));
  }

  private static void write(WindowCall call, EventOrigin origin, ObjectNode event) {
    TumblingWindow window = call.open().window();
    event
        .putObject("window")
        .put("start", Instant.ofEpochMilli(window.startMillis()).toString())
        .put("end", Instant.ofEpochMilli(window.endMillis()).toString());
    event.set("state", Json.parse(call.open().state()).orElseThrow());
    event.put("shardId", origin.shardId().toString());
    event.put("eventSourceARN", origin.eventSourceArn());
    event.put("isFinalInvokeForWindow", call.isFinal());
    event.put("isWindowTerminatedEarly", call.isTerminatedEarly());
  }

  /** About what a record adds to the payload of a call, bytes. */
  public static long payloadBytes(Record record) {
    return RECORD_FRAME_BYTES
        + 4L * ((record.data().size() + 2) / 3)
        + record.partitionKey().length();
  }
}
