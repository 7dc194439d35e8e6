package io.millrace.engine.api;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Copies of records with one member, at any depth, exchanged. */
final class Rebuilt {

  private Rebuilt() {}

  /**
   * A copy of {@code request} with another value at {@code path}, which is written as in a
   * validation message: {@code records.3.member.partitionKey}.
   */
  static Request with(Request request, String path, Object value) {
    return (Request) with(request, List.of(path.split("\\.", -1)), value);
  }

  static Object memberOf(Object owner, String name) {
    try {
      for (RecordComponent component : owner.getClass().getRecordComponents()) {
        if (component.getName().equals(name)) {
          return component.getAccessor().invoke(owner);
        }
      }
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
    throw new AssertionError(owner.getClass() + " has no member " + name);
  }

  private static Object with(Object owner, List<String> path, Object value) {
    if (path.isEmpty()) {
      return value;
    }
    if (owner instanceof List<?> list) {
      int index = Integer.parseInt(path.get(0)) - 1;
      List<Object> copy = new ArrayList<>(list);
      copy.set(index, with(list.get(index), path.subList(2, path.size()), value));
      return copy;
    }
    RecordComponent[] components = owner.getClass().getRecordComponents();
    Object[] arguments =
        Arrays.stream(components)
            .map(
                component -> {
                  Object member = memberOf(owner, component.getName());
                  return component.getName().equals(path.get(0))
                      ? with(member, path.subList(1, path.size()), value)
                      : member;
                })
            .toArray();
    try {
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      return owner.getClass().getDeclaredConstructor(types).newInstance(arguments);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }
}
