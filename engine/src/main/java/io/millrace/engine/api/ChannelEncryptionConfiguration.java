package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.KEY_ID;

import io.millrace.engine.model.ChannelEncryptionType;

/**
 * The master key of what a channel delivers.
 *
 * @param encryptionType {@link ChannelEncryptionType#KMS}; required
 * @param keyId the master key, which is not {@code alias/aws/kinesis}; required
 */
public record ChannelEncryptionConfiguration(ChannelEncryptionType encryptionType, String keyId) {

  void validate(String path, Violations violations) {
    violations
        .required(path + ".encryptionType", encryptionType)
        .required(path + ".keyId", keyId)
        .text(path + ".keyId", keyId, KEY_ID);
  }
}
