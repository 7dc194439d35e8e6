package io.millrace.processors.function;

import com.amazonaws.services.lambda.runtime.Context;

/**
 * User code that is called with batches of a stream. Called from several threads at once, for
 * different shards and lanes; may block, up to its timeout, when its thread is interrupted. The
 * same records may come more than once.
 */
@FunctionalInterface
public interface ProcessorFunction {

  /**
   * Processes one batch.
   *
   * @return which records failed, and the state of the window
   * @throws InvalidResponseException when what the code behind it answered cannot be read
   * @throws Exception whatever fails: the batch is tried again, as the mapping's options say
   */
  ProcessorResponse process(ProcessorEvent event, Context context) throws Exception;
}
