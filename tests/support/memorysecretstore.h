// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/secretstore.h"

#include <QHash>
#include <QObject>
#include <QTimer>

namespace pulsedeck {

/// A keychain in memory that answers from the event loop, or when a test lets it.
class MemorySecretStore final : public QObject, public SecretStore
{
public:
    QHash<QString, QString> entries;
    QString problem; ///< Not empty: everything fails with it.
    QString hint;
    bool holds = false; ///< Answers wait for release().
    int calls = 0;

    void read(const QString &key, std::function<void(const Read &)> then) override
    {
        answer([this, key, then] {
            Read read;
            read.problem = problem;
            read.hint = hint;
            read.missing = problem.isEmpty() && !entries.contains(key);
            if (problem.isEmpty())
                read.secret = entries.value(key);
            if (read.missing)
                read.problem = QStringLiteral("There is no such entry.");
            then(read);
        });
    }

    void write(const QString &key, const QString &secret, std::function<void(const QString &)> then) override
    {
        answer([this, key, secret, then] {
            if (problem.isEmpty())
                entries.insert(key, secret);
            then(problem);
        });
    }

    void remove(const QString &key, std::function<void(const QString &)> then) override
    {
        answer([this, key, then] {
            if (problem.isEmpty())
                entries.remove(key);
            then(problem);
        });
    }

    void release()
    {
        holds = false;
        for (const auto &each : std::exchange(m_waiting, {}))
            each();
    }

private:
    void answer(const std::function<void()> &with)
    {
        ++calls;
        if (holds)
            m_waiting.append(with);
        else
            QTimer::singleShot(0, this, with);
    }

    QList<std::function<void()>> m_waiting;
};

} // namespace pulsedeck
