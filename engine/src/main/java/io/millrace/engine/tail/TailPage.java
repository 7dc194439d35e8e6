package io.millrace.engine.tail;

import io.millrace.engine.model.Record;
import java.util.List;

/**
 * Some records of a shard, in order, and where to go on.
 *
 * @param records the records; empty only when nothing was left to read
 * @param bytes bytes of their data and keys together
 * @param nextCounter counter from which the next read goes on
 * @param millisBehindLatest age of the first record that is left; 0 when none is
 * @param atShardEnd whether the shard is closed and nothing is left
 */
public record TailPage(
    List<Record> records,
    long bytes,
    long nextCounter,
    long millisBehindLatest,
    boolean atShardEnd) {

  public TailPage {
    records = List.copyOf(records);
  }
}
