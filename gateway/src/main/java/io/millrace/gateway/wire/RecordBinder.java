package io.millrace.gateway.wire;

import io.millrace.engine.api.EmbeddedOnly;
import io.millrace.gateway.model.Shape;
import io.millrace.gateway.model.Shape.Member;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes one type of record out of members: each component takes the member of its name, {@code
 * streamName} that of {@code StreamName}. Components without a member are null, and so are always
 * those for callers in this process only, {@link EmbeddedOnly}. Safe for any thread.
 *
 * @param <R> the record
 */
public final class RecordBinder<R> {

  private final Constructor<R> constructor;
  private final List<Slot> slots;
  private final Set<String> leftOut;

  /** A component, and how its value is made of the member's. */
  private record Slot(String member, Conversion conversion) {}

  /** A component that no member can fill. */
  private static final Slot NOTHING = new Slot("", value -> null);

  private interface Conversion {
    Object convert(Object value);
  }

  /**
   * A binder.
   *
   * @param type the record
   * @param shape the type that describes it
   * @throws IllegalArgumentException when a component has no member, or is of a type that the
   *     member's values cannot become
   */
  public RecordBinder(Class<R> type, Shape shape) {
    RecordComponent[] components = type.getRecordComponents();
    if (components == null) {
      throw new IllegalArgumentException("not a record: " + type);
    }
    this.slots = Arrays.stream(components).map(component -> slot(component, shape)).toList();
    this.leftOut = new LinkedHashSet<>(shape.members().keySet());
    slots.forEach(slot -> leftOut.remove(slot.member));
    try {
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      this.constructor = type.getConstructor(types);
    } catch (NoSuchMethodException e) {
      throw new IllegalArgumentException("no public constructor: " + type, e);
    }
  }

  /** The members of the description that the record has no component for. */
  public Set<String> leftOut() {
    return Collections.unmodifiableSet(leftOut);
  }

  /** The record of these members, which have passed {@link RequestCheck}. */
  public R bind(Map<?, ?> members) {
    Object[] arguments = new Object[slots.size()];
    for (int i = 0; i < arguments.length; i++) {
      Slot slot = slots.get(i);
      Object value = members.get(slot.member);
      arguments[i] = value == null ? null : slot.conversion.convert(value);
    }
    try {
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException refused) {
        throw refused;
      }
      throw new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Slot slot(RecordComponent component, Shape shape) {
    if (component.isAnnotationPresent(EmbeddedOnly.class)) {
      return NOTHING;
    }
    Member member =
        shape.members().values().stream()
            .filter(candidate -> candidate.path().equals(component.getName()))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "%s has no member %s".formatted(shape.name(), component.getName())));
    return new Slot(member.name(), conversion(component.getGenericType(), member.shape()));
  }

  private static Conversion conversion(Type type, Shape shape) {
    return switch (shape.kind()) {
      case STRUCTURE -> structure(raw(type), shape);
      case LIST -> list(type, shape);
      case ENUM -> constant(raw(type));
      default -> value -> value;
    };
  }

  private static <T> Conversion structure(Class<T> type, Shape shape) {
    RecordBinder<T> binder = new RecordBinder<>(type, shape);
    return value -> binder.bind((Map<?, ?>) value);
  }

  private static Conversion list(Type type, Shape shape) {
    Conversion element =
        conversion(((ParameterizedType) type).getActualTypeArguments()[0], shape.element());
    return value -> {
      List<Object> converted = new ArrayList<>(((List<?>) value).size());
      for (Object each : (List<?>) value) {
        converted.add(element.convert(each));
      }
      return converted;
    };
  }

  /** Constants go by the name that the API has for them, which is their text. */
  private static Conversion constant(Class<?> type) {
    if (!type.isEnum()) {
      return value -> value;
    }
    Map<String, Object> constants =
        Arrays.stream(type.getEnumConstants())
            .collect(Collectors.toMap(Object::toString, constant -> constant));
    return constants::get;
  }

  private static Class<?> raw(Type type) {
    return (Class<?>) (type instanceof ParameterizedType generic ? generic.getRawType() : type);
  }
}
