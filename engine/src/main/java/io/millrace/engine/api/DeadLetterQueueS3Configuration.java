package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.BUCKET_ARN;
import static io.millrace.engine.api.Constraints.BUCKET_OWNER;
import static io.millrace.engine.api.Constraints.ERROR_OUTPUT_PREFIX;

/**
 * Where records go that cannot be delivered.
 *
 * @param bucketARN the bucket; required
 * @param expectedBucketOwner the account that the bucket belongs to; required
 * @param errorOutputPrefix what the keys of dead letters begin with; in a request null for {@code
 *     kinesis-channel/errors/<channel name>/<channel id>/}
 */
public record DeadLetterQueueS3Configuration(
    String bucketARN, String expectedBucketOwner, String errorOutputPrefix) {

  void validate(String path, Violations violations) {
    violations
        .required(path + ".bucketARN", bucketARN)
        .text(path + ".bucketARN", bucketARN, BUCKET_ARN)
        .required(path + ".expectedBucketOwner", expectedBucketOwner)
        .text(path + ".expectedBucketOwner", expectedBucketOwner, BUCKET_OWNER)
        .text(path + ".errorOutputPrefix", errorOutputPrefix, ERROR_OUTPUT_PREFIX);
  }
}
