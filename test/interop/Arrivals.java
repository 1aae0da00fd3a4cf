import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A clock outside of what copies: records are sent one by one to partition 0 of a topic, and consumed from partition 0 of another, which may be on
 * another cluster. Fields: topic, to {bootstrap, properties}, toTopic (must exist), rate (records/s), count, waitSeconds, arrivals (name for
 * stopArrivals, which sends no more). An item says that the consumer is in place and the first record is about to be sent.
 * Answers with [offset, timestamp, acknowledged, arrived] of each record: milliseconds since the epoch by one clock; arrived is -1 if it did not.
 */
public class Arrivals {
  private static final Map<String, AtomicBoolean> RUNNING = new ConcurrentHashMap<>();
  private static final long START_NANOS;
  private static final long START_MILLIS;

  static {
    long before = System.currentTimeMillis();
    long now = before;
    while (now == before) now = System.currentTimeMillis();
    START_NANOS = System.nanoTime();
    START_MILLIS = now;
  }

  /** The wall clock, with fractions. */
  private static double now() {
    return START_MILLIS + (System.nanoTime() - START_NANOS) / 1e6;
  }

  static JsonNode run(Request request) throws Exception {
    int count = request.number("count", 100);
    long run = new Random().nextLong();
    double[] acknowledged = filled(count);
    double[] arrived = filled(count);
    long[] offsets = new long[count];
    long[] timestamps = new long[count];
    AtomicBoolean sending = new AtomicBoolean(true);
    AtomicBoolean consuming = new AtomicBoolean(true);
    CountDownLatch ready = new CountDownLatch(1);
    CountDownLatch complete = new CountDownLatch(1);
    int[] sent = {count};
    RUNNING.put(request.text("arrivals", "arrivals"), sending);
    Thread consumer = new Thread(() -> consume(request, run, arrived, sent, consuming, ready, complete), "arrivals");
    consumer.setDaemon(true);
    consumer.start();
    try (KafkaProducer<byte[], byte[]> producer = producer(request)) {
      String topic = request.text("topic");
      producer.partitionsFor(topic);
      if (!ready.await(30, TimeUnit.SECONDS)) throw new IllegalStateException("The consumer found no place to begin at");
      request.item(Bridge.JSON.createObjectNode().put("started", true));
      double rate = request.number("rate", 50.0);
      long start = System.nanoTime();
      int n = 0;
      for (; n < count && sending.get(); n++) {
        for (long left; (left = start + (long) (n / rate * 1e9) - System.nanoTime()) > 0; ) LockSupport.parkNanos(left);
        int number = n;
        byte[] value = ByteBuffer.allocate(100).putLong(run).putInt(n).array();
        timestamps[n] = (long) now();
        producer.send(new ProducerRecord<>(topic, 0, timestamps[n], null, value), (metadata, error) -> {
          if (error != null) return;
          acknowledged[number] = now();
          offsets[number] = metadata.offset();
        });
      }
      synchronized (sent) {
        sent[0] = n;
      }
      producer.flush();
      complete.await(request.number("waitSeconds", 30), TimeUnit.SECONDS);
    } finally {
      consuming.set(false);
      RUNNING.remove(request.text("arrivals", "arrivals"), sending);
      consumer.join();
    }
    ArrayNode result = Bridge.JSON.createArrayNode();
    for (int n = 0; n < sent[0]; n++) result.addArray().add(offsets[n]).add(timestamps[n]).add(acknowledged[n]).add(arrived[n]);
    return result;
  }

  static JsonNode stop(Request request) {
    AtomicBoolean sending = RUNNING.get(request.text("arrivals", "arrivals"));
    if (sending != null) sending.set(false);
    return null;
  }

  private static double[] filled(int count) {
    double[] values = new double[count];
    Arrays.fill(values, -1);
    return values;
  }

  private static void consume(Request request, long run, double[] arrived, int[] sent, AtomicBoolean consuming, CountDownLatch ready, CountDownLatch complete) {
    Properties properties = Request.client(request.body.get("to"));
    properties.put("reconnect.backoff.ms", "10");
    properties.put("reconnect.backoff.max.ms", "20");
    properties.put("retry.backoff.ms", "10");
    properties.put("retry.backoff.max.ms", "20");
    properties.put("request.timeout.ms", "2000");
    try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      TopicPartition partition = new TopicPartition(request.text("toTopic"), 0);
      consumer.assign(List.of(partition));
      consumer.seekToEnd(List.of(partition));
      consumer.position(partition);
      ready.countDown();
      int seen = 0;
      while (consuming.get()) {
        var records = consumer.poll(Duration.ofMillis(100));
        double now = now();
        for (ConsumerRecord<byte[], byte[]> record : records) {
          ByteBuffer value = ByteBuffer.wrap(record.value());
          if (value.remaining() != 100 || value.getLong() != run) continue;
          int n = value.getInt();
          if (arrived[n] >= 0) continue;
          arrived[n] = now;
          seen++;
        }
        synchronized (sent) {
          if (seen >= sent[0]) complete.countDown();
        }
      }
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(Request request) {
    Properties properties = request.client();
    properties.put("acks", "all");
    properties.put("linger.ms", "0");
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }
}
