package io.millrace.processors.function;

import io.millrace.engine.model.Record;
import java.util.List;

/** User code that only wants the records of a batch. */
@FunctionalInterface
public interface RecordsFunction {

  /**
   * Processes one batch.
   *
   * @param records in order
   * @throws Exception whatever fails: the batch is tried again, as the mapping's options say
   */
  void process(List<Record> records) throws Exception;
}
