package io.millrace.engine.batch;

import io.millrace.engine.model.Payload;
import java.nio.charset.StandardCharsets;

/** A record to put into a batch. */
public record TestEntry(String key, Payload data) implements RecordBatch.Entry {

  @Override
  public byte[] partitionKey() {
    return key.getBytes(StandardCharsets.UTF_8);
  }
}
