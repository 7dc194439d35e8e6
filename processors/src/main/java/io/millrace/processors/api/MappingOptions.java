package io.millrace.processors.api;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

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
 * @param kmsKeyArn the ARN of a key that the filter criteria are to be encrypted with; kept and
 *     shown, not used (ADR 16)
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
    FilterCriteria filterCriteria,
    Optional<String> kmsKeyArn) {

  /** No bound but the expiry of the records. */
  public static final int UNLIMITED = -1;

  /** How many records one call can have. */
  public static final int MAX_BATCH_SIZE = 10_000;

  /** How many calls can run at once for each shard. */
  public static final int MAX_PARALLELIZATION_FACTOR = 10;

  private static final int DEFAULT_BATCH_SIZE = 100;
  private static final int DEFAULT_RETRIES = 10;
  private static final int MIN_AGE_SECONDS = 60;
  private static final Pattern KMS_KEY_ARN =
      Pattern.compile("arn:aws[a-zA-Z-]*:[a-z0-9-.]+:.{1,10000}");

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
    if (kmsKeyArn.filter(arn -> !KMS_KEY_ARN.matcher(arn).matches()).isPresent()) {
      throw new InvalidParameterValueException(
          "KMSKeyArn '%s' is not the ARN of a key.".formatted(kmsKeyArn.get()));
    }
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
    return new Draft().options();
  }

  /** The same options of at most so many records in a call. */
  public MappingOptions withBatchSize(int value) {
    return with(draft -> draft.batchSize = value);
  }

  /** The same options that gather for so long. */
  public MappingOptions withMaximumBatchingWindowInSeconds(int value) {
    return with(draft -> draft.maximumBatchingWindowInSeconds = value);
  }

  /** The same options with so many calls at once for each shard. */
  public MappingOptions withParallelizationFactor(int value) {
    return with(draft -> draft.parallelizationFactor = value);
  }

  /** The same options that halve a batch that failed, or do not. */
  public MappingOptions withBisectBatchOnFunctionError(boolean value) {
    return with(draft -> draft.bisectBatchOnFunctionError = value);
  }

  /** The same options with so many retries. */
  public MappingOptions withMaximumRetryAttempts(int value) {
    return with(draft -> draft.maximumRetryAttempts = value);
  }

  /** The same options that give up older records. */
  public MappingOptions withMaximumRecordAgeInSeconds(int value) {
    return with(draft -> draft.maximumRecordAgeInSeconds = value);
  }

  /** The same options that send notices here. */
  public MappingOptions withOnFailure(OnFailure value) {
    return with(draft -> draft.onFailure = Optional.of(value));
  }

  /** The same options where the function says which records failed, or does not. */
  public MappingOptions withReportBatchItemFailures(boolean value) {
    return with(draft -> draft.reportBatchItemFailures = value);
  }

  /** The same options with windows of this length. */
  public MappingOptions withTumblingWindowInSeconds(int value) {
    return with(draft -> draft.tumblingWindowInSeconds = value);
  }

  /** The same options that deliver what matches. */
  public MappingOptions withFilterCriteria(FilterCriteria value) {
    return with(draft -> draft.filterCriteria = value);
  }

  /** The same options that name this key. */
  public MappingOptions withKmsKeyArn(String value) {
    return with(draft -> draft.kmsKeyArn = Optional.of(value));
  }

  private MappingOptions with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.options();
  }

  /** Options while they are put together. */
  private static final class Draft {

    private int batchSize = DEFAULT_BATCH_SIZE;
    private int maximumBatchingWindowInSeconds;
    private int parallelizationFactor = 1;
    private boolean bisectBatchOnFunctionError;
    private int maximumRetryAttempts = UNLIMITED;
    private int maximumRecordAgeInSeconds = UNLIMITED;
    private Optional<OnFailure> onFailure = Optional.empty();
    private boolean reportBatchItemFailures;
    private int tumblingWindowInSeconds;
    private FilterCriteria filterCriteria = FilterCriteria.NONE;
    private Optional<String> kmsKeyArn = Optional.empty();

    /** Begins with the defaults of AWS Lambda. */
    Draft() {}

    Draft(MappingOptions options) {
      batchSize = options.batchSize;
      maximumBatchingWindowInSeconds = options.maximumBatchingWindowInSeconds;
      parallelizationFactor = options.parallelizationFactor;
      bisectBatchOnFunctionError = options.bisectBatchOnFunctionError;
      maximumRetryAttempts = options.maximumRetryAttempts;
      maximumRecordAgeInSeconds = options.maximumRecordAgeInSeconds;
      onFailure = options.onFailure;
      reportBatchItemFailures = options.reportBatchItemFailures;
      tumblingWindowInSeconds = options.tumblingWindowInSeconds;
      filterCriteria = options.filterCriteria;
      kmsKeyArn = options.kmsKeyArn;
    }

    MappingOptions options() {
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
          filterCriteria,
          kmsKeyArn);
    }
  }
}
