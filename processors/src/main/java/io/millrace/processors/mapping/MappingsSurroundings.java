package io.millrace.processors.mapping;

import io.millrace.engine.consumer.TaskHost;
import io.millrace.engine.storage.JournalPlugin;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What the mappings need around them.
 *
 * @param plugin where they persist
 * @param applications the consuming applications that they are
 * @param host where the work on shards is done
 * @param equipment what that is done with
 * @param functions the functions
 * @param meters what mappings count
 * @param minBackoff first pause before something that failed is tried again
 * @param maxBackoff the longest one
 */
record MappingsSurroundings(
    JournalPlugin plugin,
    Applications applications,
    ActorRef<TaskHost.Command> host,
    ShardEquipment equipment,
    FunctionRegistry functions,
    MappingMeters meters,
    Duration minBackoff,
    Duration maxBackoff) {}
