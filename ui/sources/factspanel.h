// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/sourcesettings.h"
#include "models/sources/sourcestatus.h"

#include <QWidget>

#include <vector>

class QFormLayout;
class QVBoxLayout;

namespace pulsedeck {

class ToneLabel;
class WriteAccess;

/// What is known of one source, name and value in lines: how it is reached, how fast it answers, what it cannot do.
class FactsPanel : public QWidget
{
    Q_OBJECT

public:
    explicit FactsPanel(QWidget *parent = nullptr);

    void setFacts(const SourceSettings &settings, const SourceStatus &status, const WriteAccess &access, int workers, qint64 now);

private:
    enum Fact {
        Address,
        Login,
        Encryption,
        Server,
        Workers,
        Updates,
        Rate,
        RoundTrip,
        Lag,
        Clock,
        Timing,
        Writing,
        FactCount
    };

    void set(Fact fact, const QString &value, const QString &note = {});
    void setLimits(const SourceStatus &status);

    struct Line
    {
        QWidget *row = nullptr;
        ToneLabel *value = nullptr;
        ToneLabel *note = nullptr;
    };
    QFormLayout *m_form;
    Line m_lines[FactCount];
    QWidget *m_limits;
    QVBoxLayout *m_limitsLayout;
    QStringList m_shownLimits;
};

} // namespace pulsedeck
