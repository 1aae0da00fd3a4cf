import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A steady producer, acks=all. Fields: topic, partitions, rate (records/s; 0: as fast as it goes), seconds or count, valueBytes, codec, keys.
 * Record n goes to partition n mod partitions; its value starts with its partition and its number there: "3 000000012345 ".
 * stopLoad with the same "load" name ends it early. The answer comes when every record is acknowledged or refused.
 */
public class Load {
  private static final Map<String, AtomicBoolean> RUNNING = new ConcurrentHashMap<>();
  private static final int FILLERS = 1_021;

  static JsonNode run(Request request) throws Exception {
    AtomicBoolean running = new AtomicBoolean(true);
    RUNNING.put(request.text("load", "load"), running);
    int partitions = request.number("partitions", 1);
    double rate = request.number("rate", 1000.0);
    long count = request.number("count", Long.MAX_VALUE);
    double seconds = request.number("seconds", Double.MAX_VALUE);
    AtomicLongArray acknowledged = new AtomicLongArray(partitions);
    AtomicLong failed = new AtomicLong();
    StringBuilder firstError = new StringBuilder();
    byte[][] fillers = fillers(request.number("valueBytes", 1_000), request.flag("compressible", true));
    long sent = 0;
    long start = System.nanoTime();
    try (KafkaProducer<byte[], byte[]> producer = open(request)) {
      request.item(Bridge.JSON.createObjectNode().put("started", true));
      while (running.get() && sent < count && System.nanoTime() - start < seconds * 1e9) {
        if (rate > 0) pace(start, sent, rate);
        int partition = (int) (sent % partitions);
        byte[] key = request.flag("keys", true) ? ("key-" + sent % 1000).getBytes(StandardCharsets.US_ASCII) : null;
        byte[] value = value(partition, sent / partitions, fillers[(int) (sent % FILLERS)]);
        producer.send(new ProducerRecord<>(request.text("topic"), partition, null, key, value), (metadata, error) -> {
          if (error == null) {
            acknowledged.incrementAndGet(partition);
          } else if (failed.incrementAndGet() == 1) {
            firstError.append(error);
          }
        });
        sent++;
      }
      producer.flush();
    } finally {
      RUNNING.remove(request.text("load", "load"), running);
    }
    ObjectNode result = Bridge.JSON.createObjectNode().put("sent", sent).put("failed", failed.get()).put("error", firstError.toString());
    var perPartition = result.putArray("acknowledged");
    for (int p = 0; p < partitions; p++) perPartition.add(acknowledged.get(p));
    return result.put("seconds", (System.nanoTime() - start) / 1e9);
  }

  static JsonNode stop(Request request) {
    AtomicBoolean running = RUNNING.get(request.text("load", "load"));
    if (running != null) running.set(false);
    return null;
  }

  private static KafkaProducer<byte[], byte[]> open(Request request) {
    Properties properties = request.client();
    properties.put("compression.type", request.text("codec", "none"));
    properties.put("linger.ms", "5");
    properties.put("batch.size", String.valueOf(request.number("batchBytes", 65_536)));
    properties.put("acks", "all");
    // With more, this producer was seen to be refused for ever (OUT_OF_ORDER_SEQUENCE_NUMBER) by an undisturbed broker on a busy machine.
    properties.put("max.in.flight.requests.per.connection", "1");
    properties.put("delivery.timeout.ms", "300000");
    properties.put("max.block.ms", "300000");
    properties.put("max.request.size", String.valueOf(16 << 20));
    Request.strings(request.body.path("producer")).forEach(properties::put);
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static void pace(long start, long sent, double rate) {
    long due = start + (long) (sent / rate * 1e9);
    long wait = due - System.nanoTime();
    if (wait > 200_000) LockSupport.parkNanos(wait);
  }

  private static byte[] value(int partition, long number, byte[] filler) {
    byte[] head = String.format("%d %012d ", partition, number).getBytes(StandardCharsets.US_ASCII);
    byte[] value = filler.clone();
    System.arraycopy(head, 0, value, 0, Math.min(head.length, value.length));
    return value;
  }

  /** JSON-like text, or random bytes. */
  private static byte[][] fillers(int size, boolean compressible) {
    Random random = new Random(7);
    byte[][] fillers = new byte[FILLERS][];
    for (int i = 0; i < FILLERS; i++) {
      fillers[i] = new byte[size];
      random.nextBytes(fillers[i]);
      if (!compressible) continue;
      StringBuilder text = new StringBuilder("                    ");
      while (text.length() < size) {
        text.append("{\"id\":").append(random.nextInt(1_000_000)).append(",\"name\":\"customer\",\"status\":\"ACTIVE\",\"amount\":").append(random.nextInt(10_000)).append("},");
      }
      System.arraycopy(text.toString().getBytes(StandardCharsets.US_ASCII), 0, fillers[i], 0, size);
    }
    return fillers;
  }
}
