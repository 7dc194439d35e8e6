package io.millrace.channels.bucket;

import java.time.Instant;

/**
 * What the key of an object is made from.
 *
 * @param channelName the channel
 * @param channelId its id
 * @param oldest when the oldest record in the object arrived
 * @param extension what names of such files end with, {@code .json.gz}
 * @param suffix tells the object from every other
 */
public record ObjectFacts(
    String channelName, String channelId, Instant oldest, String extension, String suffix) {}
