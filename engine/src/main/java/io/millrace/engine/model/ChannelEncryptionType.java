package io.millrace.engine.model;

/** How the destination of a channel encrypts what is delivered. */
public enum ChannelEncryptionType {
  /** Under a master key. */
  KMS
}
