package io.millrace.engine.api;

/**
 * What a caller asks of the engine: one operation of the API with its members. A member that is
 * absent is null.
 *
 * <p>A request can be built with any content. Two methods judge it, in the order in which the
 * service does: {@link #validate()} before the stream is looked up, {@link #checkArguments()} once
 * it is known to exist.
 */
public sealed interface Request
    permits StreamRequest,
        ResourceRequest,
        ListStreamsRequest,
        DescribeLimitsRequest,
        DescribeAccountSettingsRequest,
        UpdateAccountSettingsRequest,
        DescribeStreamConsumerRequest,
        DeregisterStreamConsumerRequest,
        GetRecordsRequest,
        SubscribeToShardRequest,
        CreateChannelRequest,
        ListChannelsRequest,
        ChannelRequest {

  /**
   * Checks each member that is present against the constraints of its type, and that no required
   * one is absent.
   *
   * @throws ValidationException naming every member at fault, up to ten
   */
  void validate();

  /**
   * Checks what the members mean, as far as that needs neither the stream nor a clock: bounds, and
   * members that exclude or need one another. Expects a request that passed {@link #validate()}.
   *
   * @throws InvalidArgumentException for the first fault found
   */
  default void checkArguments() {}
}
