package io.millrace.gateway.wire;

import io.millrace.engine.api.GetRecordsResponse;
import io.millrace.engine.api.SubscribeToShardEvent;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.gateway.model.Shape.Member;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Where the members of a response come from: from the method of the same name, {@code StreamName}
 * from {@code streamName()}, unless the table of differences says otherwise. A member without a
 * method is absent, and so is one whose value is null or an empty optional.
 */
final class MemberValues {

  private static final Map<Source, Function<Object, Object>> DIFFERENCES =
      Map.of(
          new Source(HashKeyRange.class, "StartingHashKey"),
          range -> ((HashKeyRange) range).starting(),
          new Source(HashKeyRange.class, "EndingHashKey"),
          range -> ((HashKeyRange) range).ending(),
          // GetRecords, SubscribeToShard: ChildShards is there at shard end only.
          new Source(GetRecordsResponse.class, "ChildShards"),
          page -> nullIfEmpty(((GetRecordsResponse) page).childShards()),
          new Source(SubscribeToShardEvent.class, "ChildShards"),
          event -> nullIfEmpty(((SubscribeToShardEvent) event).childShards()));

  /** How to find the members of a type, by their names. */
  private static final ClassValue<Map<String, Function<Object, Object>>> FOUND =
      new ClassValue<>() {
        @Override
        protected Map<String, Function<Object, Object>> computeValue(Class<?> owner) {
          return new ConcurrentHashMap<>();
        }
      };

  private record Source(Class<?> owner, String member) {}

  private MemberValues() {}

  /** The value of a member; null when it is absent. */
  static Object of(Object owner, Member member) {
    if (owner instanceof Map<?, ?> members) {
      return members.get(member.name());
    }
    Object value =
        FOUND
            .get(owner.getClass())
            .computeIfAbsent(
                member.name(), name -> find(new Source(owner.getClass(), name), member.path()))
            .apply(owner);
    return value instanceof Optional<?> optional ? optional.orElse(null) : value;
  }

  private static Function<Object, Object> find(Source source, String path) {
    Function<Object, Object> different = DIFFERENCES.get(source);
    if (different != null) {
      return different;
    }
    try {
      Method method = source.owner.getMethod(path);
      return owner -> call(method, owner);
    } catch (NoSuchMethodException absent) {
      return owner -> null;
    }
  }

  private static Object call(Method method, Object owner) {
    try {
      return method.invoke(owner);
    } catch (InvocationTargetException | IllegalAccessException e) {
      throw new IllegalStateException(method.toString(), e);
    }
  }

  private static Object nullIfEmpty(List<?> values) {
    return values.isEmpty() ? null : values;
  }
}
