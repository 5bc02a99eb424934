// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"
#include "models/sources/sourceenvironment.h"

#include <QColor>
#include <QFont>
#include <QHash>
#include <QObject>
#include <QStaticText>

#include <array>

class QPainter;

namespace pulsedeck {

class LatestCommands;
class SourceListModel;

/// What all delegates of the fleet table share: the moment being painted, what is known of each source, and laid-out
/// texts. Text is most of a repaint's cost, and a table holds few distinct strings: each is laid out once and kept, at
/// most maxTexts per face, then all are dropped. GUI thread.
class FleetLook : public QObject
{
    Q_OBJECT

public:
    static constexpr int maxTexts = 4'000;
    enum Face { Body, Small, Id, Bold, Chart, faceCount };

    /// A source as its rows need it. While its connection is lost they show the time of the last answer.
    struct Source
    {
        SourceEnvironment environment = SourceEnvironment::None;
        QString frozenText; ///< "as of 14:12:36", empty while connected.
        qint64 frozenAt = 0;
        qint64 drainTimeout = 0;
        qint64 ttl = 0;
        bool operator==(const Source &) const = default;
    };

    explicit FleetLook(const FleetStore &store, QObject *parent = nullptr);

    const FleetStore &store() const { return m_store; }
    /// Where the sources' settings stand, which say what each serves; it outlives this.
    void setSourceList(const SourceListModel &sources);
    /// The commands of the workers on show; null while nothing can be commanded.
    void setLatest(const LatestCommands *latest) { m_latest = latest; }
    const LatestCommands *latest() const { return m_latest; }
    /// Rows of several systems: each says what the age of its beat rests on, and its host in a column.
    void setOtherSystems(bool others, bool hostColumn);
    bool hasOtherSystems() const { return m_otherSystems; }
    bool hasHostColumn() const { return m_hostColumn; }
    /// Takes the time all cells of this repaint show.
    void beginPaint();
    qint64 now() const { return m_now; }
    const Source &source(SourceId id);
    /// The time a worker's row shows: now, or when its source was lost.
    qint64 nowFor(const Worker &worker);

    int rowHeight() const { return m_rowHeight; }
    const QFont &font(Face face) const { return m_faces[face].font; }
    int textWidth(Face face, const QString &text);
    /// Draws one line, vertically centred in \a rect, elided when it does not fit. Returns its width.
    int drawText(QPainter &painter, Face face, const QRect &rect, const QString &text, const QColor &colour,
                 Qt::Alignment alignment = Qt::AlignLeft, Qt::TextElideMode elide = Qt::ElideRight);

signals:
    void facesChanged();
    /// What a source serves, or its name, may be another: the rows are painted again.
    void sourcesChanged();

private:
    struct Piece
    {
        QStaticText text;
        int width = 0;
    };
    struct Kept
    {
        QFont font;
        int height = 0;
        QHash<QString, Piece> pieces;
    };

    const Piece &piece(Kept &kept, const QString &text);
    void makeFaces();
    void readSources();

    const FleetStore &m_store;
    const SourceListModel *m_list = nullptr;
    const LatestCommands *m_latest = nullptr;
    std::array<Kept, faceCount> m_faces;
    std::vector<Source> m_sources;
    bool m_otherSystems = false;
    bool m_hostColumn = false;
    qint64 m_now = 0;
    qint64 m_sourcesReadAt = 0;
    int m_rowHeight = 24;
};

} // namespace pulsedeck
