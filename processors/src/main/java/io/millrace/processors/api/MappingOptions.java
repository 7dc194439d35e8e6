package io.millrace.processors.api;

import java.util.Optional;

/**
 * How a mapping reads its stream and calls its function; the members of CreateEventSourceMapping
 * that can be changed later, under its names. Every bound is checked here.
 *
 * <p>{@link #defaults()} never let one bad record hold its shard up for ever: retries are finite,
 * and a batch is halved until the bad record stands alone. {@link #awsDefaults()} are those of AWS
 * Lambda, where a bad record blocks its shard until it expires.
 *
 * @param batchSize upper bound of the records of one call, 1 to 10,000
 * @param maximumBatchingWindowInSeconds how long to gather records for one call, 0 to 300; records
 *     that a filter drops do not count
 * @param parallelizationFactor calls at once for each shard, 1 to 10; records of one partition key
 *     stay in order
 * @param bisectBatchOnFunctionError whether a batch that failed is halved; halving consumes no
 *     retry
 * @param maximumRetryAttempts retries of a batch, 0 to 10,000, or {@value #UNLIMITED}: until its
 *     records expire. Calls that did not reach the function do not count
 * @param maximumRecordAgeInSeconds records older than this are given up, 60 to 604,800, or {@value
 *     #UNLIMITED}: when they expire
 * @param onFailure where notices of batches go that were given up; empty: only counted and logged
 * @param reportBatchItemFailures whether the function says which records failed
 * @param tumblingWindowInSeconds length of tumbling windows, 0 to 900; 0: none
 * @param filterCriteria which records are delivered
 */
public record MappingOptions(
    int batchSize,
    int maximumBatchingWindowInSeconds,
    int parallelizationFactor,
    boolean bisectBatchOnFunctionError,
    int maximumRetryAttempts,
    int maximumRecordAgeInSeconds,
    Optional<OnFailure> onFailure,
    boolean reportBatchItemFailures,
    int tumblingWindowInSeconds,
    FilterCriteria filterCriteria) {

  /** No bound but the expiry of the records. */
  public static final int UNLIMITED = -1;

  /** How many records one call can have. */
  public static final int MAX_BATCH_SIZE = 10_000;

  /** How many calls can run at once for each shard. */
  public static final int MAX_PARALLELIZATION_FACTOR = 10;

  private static final int DEFAULT_BATCH_SIZE = 100;
  private static final int DEFAULT_RETRIES = 10;
  private static final int MIN_AGE_SECONDS = 60;

  public MappingOptions {
    Bounds.check("BatchSize", batchSize, 1, MAX_BATCH_SIZE);
    Bounds.check("MaximumBatchingWindowInSeconds", maximumBatchingWindowInSeconds, 0, 300);
    Bounds.check("ParallelizationFactor", parallelizationFactor, 1, MAX_PARALLELIZATION_FACTOR);
    Bounds.check("MaximumRetryAttempts", maximumRetryAttempts, UNLIMITED, 10_000);
    if (maximumRecordAgeInSeconds != UNLIMITED) {
      Bounds.check(
          "MaximumRecordAgeInSeconds", maximumRecordAgeInSeconds, MIN_AGE_SECONDS, 604_800);
    }
    Bounds.check("TumblingWindowInSeconds", tumblingWindowInSeconds, 0, 900);
  }

  /** Those of AWS Lambda, but 10 retries, and batches that failed are halved. */
  public static MappingOptions defaults() {
    return awsDefaults()
        .withBisectBatchOnFunctionError(true)
        .withMaximumRetryAttempts(DEFAULT_RETRIES);
  }

  /**
   * Exactly those of AWS Lambda: a batch that fails is tried again until its records expire, and
   * blocks its shard meanwhile.
   */
  public static MappingOptions awsDefaults() {
    return new MappingOptions(
        DEFAULT_BATCH_SIZE,
        0,
        1,
        false,
        UNLIMITED,
        UNLIMITED,
        Optional.empty(),
        false,
        0,
        FilterCriteria.NONE);
  }

  /** The same options of at most so many records in a call. */
  public MappingOptions withBatchSize(int value) {
    return new MappingOptions(
        value,
        maximumBatchingWindowInSeconds,
        parallelizationFactor,
        bisectBatchOnFunctionError,
        maximumRetryAttempts,
        maximumRecordAgeInSeconds,
        onFailure,
        reportBatchItemFailures,
        tumblingWindowInSeconds,
        filterCriteria);
  }

  /** The same options that gather for so long. */
  public MappingOptions withMaximumBatchingWindowInSeconds(int value) {
    return new MappingOptions(
        batchSize,
        value,
        parallelizationFactor,
        bisectBatchOnFunctionError,
        maximumRetryAttempts,
        maximumRecordAgeInSeconds,
        onFailure,
        reportBatchItemFailures,
        tumblingWindowInSeconds,
        filterCriteria);
  }

  /** The same options with so many calls at once for each shard. */
  public MappingOptions withParallelizationFactor(int value) {
    return new MappingOptions(
        batchSize,
        maximumBatchingWindowInSeconds,
        value,
        bisectBatchOnFunctionError,
        maximumRetryAttempts,
        maximumRecordAgeInSeconds,
        onFailure,
        reportBatchItemFailures,
        tumblingWindowInSeconds,
        filterCriteria);
  }

  /** The same options that halve a batch that failed, or do not. */
  public MappingOptions withBisectBatchOnFunctionError(boolean value) {
    return new MappingOptions(
        batchSize,
        maximumBatchingWindowInSeconds,
        parallelizationFactor,
        value,
        maximumRetryAttempts,
        maximumRecordAgeInSeconds,
        onFailure,
        reportBatchItemFailures,
        tumblingWindowInSeconds,
        filterCriteria);
  }

  /** The same options with so many retries. */
  public MappingOptions withMaximumRetryAttempts(int value) {
    return new MappingOptions(
        batchSize,
        maximumBatchingWindowInSeconds,
        parallelizationFactor,
        bisectBatchOnFunctionError,
        value,
        maximumRecordAgeInSeconds,
        onFailure,
        reportBatchItemFailures,
        tumblingWindowInSeconds,
        filterCriteria);
  }

  /** The same options that give up older records. */
  public MappingOptions withMaximumRecordAgeInSeconds(int value) {
    return new MappingOptions(
        batchSize,
        maximumBatchingWindowInSeconds,
        parallelizationFactor,
        bisectBatchOnFunctionError,
        maximumRetryAttempts,
        value,
        onFailure,
        reportBatchItemFailures,
        tumblingWindowInSeconds,
        filterCriteria);
  }

  /** The same options that send notices here. */
  public MappingOptions withOnFailure(OnFailure value) {
    return new MappingOptions(
        batchSize,
        maximumBatchingWindowInSeconds,
        parallelizationFactor,
        bisectBatchOnFunctionError,
        maximumRetryAttempts,
        maximumRecordAgeInSeconds,
        Optional.of(value),
        reportBatchItemFailures,
        tumblingWindowInSeconds,
        filterCriteria);
  }

  /** The same options where the function says which records failed, or does not. */
  public MappingOptions withReportBatchItemFailures(boolean value) {
    return new MappingOptions(
        batchSize,
        maximumBatchingWindowInSeconds,
        parallelizationFactor,
        bisectBatchOnFunctionError,
        maximumRetryAttempts,
        maximumRecordAgeInSeconds,
        onFailure,
        value,
        tumblingWindowInSeconds,
        filterCriteria);
  }

  /** The same options with windows of this length. */
  public MappingOptions withTumblingWindowInSeconds(int value) {
    return new MappingOptions(
        batchSize,
        maximumBatchingWindowInSeconds,
        parallelizationFactor,
        bisectBatchOnFunctionError,
        maximumRetryAttempts,
        maximumRecordAgeInSeconds,
        onFailure,
        reportBatchItemFailures,
        value,
        filterCriteria);
  }

  /** The same options that deliver what matches. */
  public MappingOptions withFilterCriteria(FilterCriteria value) {
    return new MappingOptions(
        batchSize,
        maximumBatchingWindowInSeconds,
        parallelizationFactor,
        bisectBatchOnFunctionError,
        maximumRetryAttempts,
        maximumRecordAgeInSeconds,
        onFailure,
        reportBatchItemFailures,
        tumblingWindowInSeconds,
        value);
  }
}
