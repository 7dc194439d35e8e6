package io.millrace.channels.delivery;

import java.time.Duration;
import java.util.Optional;

/**
 * What can change of a channel while it delivers.
 *
 * @param freshness how old the oldest record may be that is not delivered
 * @param logger the name of the logger that is told of each delivery; empty when it is not wanted
 */
public record DeliveryTerms(Duration freshness, Optional<String> logger) {}
