// SPDX-License-Identifier: GPL-3.0-or-later
// What the thread sanitizer has to see, as the argument says: "race", two threads that change a number at any time, and "order",
// the ways in which Qt orders threads. Each thing below is written by one thread and read by another.
#include <QCoreApplication>
#include <QEvent>
#include <QMutex>
#include <QSemaphore>
#include <QThread>
#include <QThreadPool>

#include <string>

namespace {

class OrderedObject : public QObject
{
    Q_OBJECT

public:
    explicit OrderedObject(int *deleted)
        : m_deleted(deleted)
    { }
    ~OrderedObject() override { ++*m_deleted; }

signals:
    void counted(const std::string &text, int *number);

protected:
    bool event(QEvent *event) override
    {
        if (event->type() == QEvent::User)
            ++*m_deleted;
        return QObject::event(event);
    }

private:
    int *m_deleted;
};

void race()
{
    int number = 0;
    QThread thread;
    QObject object;
    object.moveToThread(&thread);
    thread.start();
    QMetaObject::invokeMethod(&object, [&] {
        ++number;
        thread.quit();
    });
    ++number;
    thread.wait();
}

void order(QCoreApplication &application)
{
    int deleted = 0;
    int number = 0;
    int guarded = 0;
    int pooled = 0;
    std::string text;
    QMutex mutex;
    QSemaphore begun;
    QThread thread;
    auto *const object = new OrderedObject(&deleted);
    object->moveToThread(&thread);
    thread.start();
    // A signal there and back: what its arguments point to and their copies, a long text on the heap.
    QObject::connect(object, &OrderedObject::counted, &application, [&](const std::string &sent, int *counted) {
        text = sent;
        if (++*counted < 200)
            QMetaObject::invokeMethod(object, [&, sent] { emit object->counted(sent + "!", &++number); });
        else
            QCoreApplication::quit();
    });
    QMetaObject::invokeMethod(object, [&] { emit object->counted(std::string(100, 'a'), &++number); });
    QCoreApplication::exec();
    // An event, a semaphore, a mutex that is waited for.
    ++deleted;
    QCoreApplication::postEvent(object, new QEvent(QEvent::User));
    QMetaObject::invokeMethod(object, [&] {
        number = 1;
        begun.release();
        for (int i = 0; i < 10'000; ++i) {
            const QMutexLocker lock(&mutex);
            ++guarded;
        }
    });
    begun.acquire();
    ++number;
    for (int i = 0; i < 10'000; ++i) {
        const QMutexLocker lock(&mutex);
        ++guarded;
    }
    QThreadPool pool;
    pool.setMaxThreadCount(1);
    for (int i = 0; i < 100; ++i)
        pool.start([&pooled] { ++pooled; });
    pool.waitForDone();
    ++pooled;
    // What a thread deletes in the end.
    object->deleteLater();
    thread.quit();
    thread.wait();
    ++deleted;
    ++guarded;
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (QCoreApplication::arguments().contains(QLatin1String("race")))
        race();
    else
        order(application);
    return 0;
}

#include "threadorder_helper.moc"
